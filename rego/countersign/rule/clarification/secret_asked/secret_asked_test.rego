package countersign.rule.clarification.secret_asked_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.secret_asked as rule

_found(params) := {{
	"code": "clarification.secret_asked",
	"effect": "deny",
	"severity": "critical",
	"waivable": false,
	"hold": null,
	"rule": "clarification.secret_asked",
	"params": params,
}}

_texts(folded) := [
	{"where": "/message", "length": 20, "hidden": false, "folded": "please fill this in"},
	{"where": "/requestedSchema/properties/x", "length": 20, "hidden": false, "folded": folded},
]

_asking(question, folded) := fixture.changed(question, "question/elicitation/texts", _texts(folded))

# Hangul is folded into its letters; written out, because editors compose them again.
_password_in_korean := "\u1107\u1175\u1106\u1175\u11af\u1107\u1165\u11ab\u1112\u1169"

_words(folded) := {asked.word |
	# regal ignore:with-outside-test-context
	some found in rule.findings with input as _asking(fixture.form_request, folded)
	some asked in found.params.asked
}

test_permit_harmless if {
	rule.findings == set() with input as fixture.form_request
	rule.findings == set() with input as fixture.form_response
}

test_permit_words_that_only_look_alike if {
	every folded in [
		"compass", "pinned", "opinion", "encompass the word", "step p in list", "to ken", "max tokens",
		"number of tokens", "secretary", "keyboard", "monkey", "passenger name", "boarding pass", "passport country",
		"pass the message on", "a compass word", "spinning", "tokenizer", "discard", "postcard", "card colour",
		"key results", "keyword", "parola chiave", "punto clave", "author", "authority", "resenha", "schlusselwort",
		"desenhar", "the word of the day", "which team", "codec", "зимние каникулы", "北京", "東京都", "",
	] {
		_words(folded) == set()
	}
}

test_deny_spellings if {
	every folded, word in {
		"password": "password", "pass word": "password", "your pass word please": "password",
		"db password": "password", "dbpassword": "password", "passwords": "passwords",
		"p4ssword | password": "password", "passphrase": "passphrase", "passcode": "passcode", "pin": "pin",
		"your pin please": "pin", "pin code": "pincode", "api key": "apikey", "apikey": "apikey",
		"openai apikey": "apikey", "secret": "secret", "client secret": "clientsecret", "token": "token",
		"access token": "accesstoken", "private key": "privatekey", "ssh key": "sshkey", "seed phrase": "seedphrase",
		"recovery words": "recoverywords", "card number": "cardnumber", "credit card": "creditcard", "cvv": "cvv",
		"otp": "otp", "2fa code": "2facode", "two factor code": "twofactorcode", "one time code": "onetimecode",
		"pass": "pass", "pw": "pw", "credentials": "credentials",
	} {
		word in _words(folded)
	}
}

test_deny_languages if {
	every folded, word in {
		"ihr passwort bitte": "passwort", "benutzerpasswort": "passwort", "geheimer schlussel": "geheimerschlussel",
		"mot de passe": "motdepasse", "cle d api": "cledapi", "numero de la carte": "numerodelacarte",
		"introduzca su contrasena": "contrasena", "codigo de seguridad": "codigodeseguridad",
		"chiave segreta": "chiavesegreta", "codice di verifica": "codicediverifica",
		"digite a senha": "senha", "numero do cartao": "numerodocartao",
		"wachtwoord": "wachtwoord", "pincode": "pincode", "hasło": "hasło", "kod weryfikacyjny": "kodweryfikacyjny",
		"sifrenizi girin": "sifrenizi", "losenord": "losenord", "salasana": "salasana", "jelszo": "jelszo",
		"введите пароль": "пароль", "код подтверждения": "кодподтверждения", "пин код": "пинкод",
		"请输入密码": "密码", "驗證碼": "驗證碼", "ハスワートを入力": "ハスワート", "暗証番号": "暗証番号",
		_password_in_korean: _password_in_korean,
		"كلمة المرور": "كلمةالمرور", "הסיסמה": "הסיסמה", "parola": "parola",
	} {
		word in _words(folded)
	}
}

test_deny_says_where if {
	expected := _found({"asked": [{"where": "/requestedSchema/properties/x", "word": "pin"}]})
	rule.findings == expected with input as _asking(fixture.form_request, "pin")
	rule.findings == expected with input as _asking(fixture.form_response, "pin")
}

test_deny_password_format if {
	rule.findings == _found({"asked": [{"where": "x", "word": "format"}]}) with input as fixture.changed(
		fixture.form_request,
		"question/elicitation/fields",
		[{"name": "x", "type": "string", "format": "password"}],
	)
}

test_permit_url_mode_and_other_kinds if {
	rule.findings == set() with input as _asking(fixture.url_request, "password")
	rule.findings == set() with input as fixture.sampling_request
}

test_deny_missing if {
	rule.findings == _found({"asked": []})
		with input as fixture.without(fixture.form_request, "question/elicitation/texts")
	rule.findings == _found({"asked": []})
		with input as fixture.without(fixture.form_request, "question/elicitation/fields")
	rule.findings == _found({"asked": []}) with input as fixture.changed(
		fixture.form_request,
		"question/elicitation/texts",
		[{"where": "/message", "length": 8, "hidden": false}],
	)
}

test_deny_malformed if {
	every texts in [null, "password", {}, [null]] {
		rule.findings == _found({"asked": []})
			with input as fixture.changed(fixture.form_request, "question/elicitation/texts", texts)
	}
}
