# METADATA
# title: Words for secrets
# description: >-
#   Whether a text asks for a secret. The texts are folded when the input is composed: no accents, lower case,
#   one space between words, camelCase split, look-alike letters and digits read as Latin letters. The
#   words stand here folded likewise, without their spaces, so that `API key`, `api_key` and `apiKey` are one.
package countersign.lib.secret_words

# METADATA
# description: The words for secrets that stand in a folded text.
found(folded) := {word |
	tokens := split(folded, " ")
	some i, first in tokens
	some word in _starting(first, tokens, i)
	_words[word]
} | _inside(folded)

# The word itself, and what it makes with up to three that follow it. Two letters of which a space makes
# a word (`p in`) are not one: what is joined has six letters or more.
_starting(first, tokens, i) := {first} | {joined |
	some n in [2, 3, 4]
	i + n <= count(tokens)
	joined := concat("", array.slice(tokens, i, i + n))
	count(joined) > 5
}

_inside(folded) := {stem |
	some stem in _stems
	contains(folded, stem)
} | {whole | some whole in _whole_texts; whole == folded}

# Too common for a message; as the whole name or title of a field they mean one thing.
_whole_texts := {"pass", "pw", "clave", "parola"}

_stems := {
	# Inside a word, as in `dbpassword` or `Benutzerpasswort`
	"password", "passwort", "passphrase", "passcode", "kennwort", "wachtwoord", "apikey", "privatekey", "secretkey",
	"accesstoken", "creditcard", "kreditkarte", "kartennummer", "losenord",
	# Scripts without spaces: Chinese, Japanese, Korean, Thai (accents and voicing marks are folded away)
	"密码", "密碼", "口令", "验证码", "驗證碼", "私钥", "私鑰", "密钥", "密鑰", "助记词", "助記詞", "银行卡号", "信用卡号", "信用卡號", "银行卡號", "卡号", "卡號",
	"令牌", "安全码", "安全碼", "ハスワート", "ハスコート", "ハスフレース", "暗証番号", "秘密鍵", "秘密の質問", "認証コート", "確認コート", "セキュリティコート", "apiキー",
	"カート番号", "クレシットカート", "合言葉", "シークレットキー", "トークン", "\u1107\u1175\u1106\u1175\u11af\u1107\u1165\u11ab\u1112\u1169",
	"\u110b\u1161\u11b7\u1112\u1169", "\u110b\u1175\u11ab\u110c\u1173\u11bc\u1107\u1165\u11ab\u1112\u1169",
	"\u1107\u1175\u1106\u1175\u11af\u110f\u1175", "\u110f\u1161\u1103\u1173\u1107\u1165\u11ab\u1112\u1169",
	"\u1110\u1169\u110f\u1173\u11ab", "\u1107\u1169\u110b\u1161\u11ab\u110f\u1169\u1103\u1173", "รหสผาน",
}

_words := {
	# English
	"password", "passwords", "passwd", "pwd", "pswd", "passphrase", "passphrases", "passcode", "passcodes", "pin",
	"pincode", "pinnumber", "secret", "secrets", "userpass", "yourpass", "loginpass", "credential", "credentials",
	"logindetails", "token", "apikey", "apikeys", "apitoken", "apitokens", "apisecret", "accesskey", "accesskeys",
	"accesstoken", "accesstokens", "accesscode", "authtoken", "authkey", "authcode", "bearertoken", "refreshtoken",
	"sessiontoken", "sessioncookie", "securitytoken", "clientsecret", "secretkey", "secretkeys", "privatekey",
	"privatekeys", "signingkey", "sshkey", "encryptionkey", "decryptionkey", "masterkey", "recoverykey",
	"recoverycode", "recoverycodes", "backupcode", "backupcodes", "recoveryphrase", "recoverywords", "seedphrase",
	"seedwords", "walletseed", "mnemonic", "cardnumber", "cardnum", "cardnr", "carddetails", "creditcard",
	"debitcard", "ccnumber", "ccnum", "cvv", "cvv2", "cvc", "cvc2", "securitycode", "securityanswer",
	"verificationcode", "authenticationcode", "authenticatorcode", "confirmationcode", "logincode", "smscode",
	"onetimecode", "onetimepassword", "onetimepin", "onetimepasscode", "otp", "otps", "totp", "hotp", "2fa", "mfa",
	"2facode", "mfacode", "twofactor", "twofactorcode", "2factor", "ssn", "socialsecuritynumber",
	# German
	"passwort", "passworter", "passwortes", "kennwort", "kennworter", "losungswort", "geheimzahl", "geheimnummer",
	"geheimnis", "geheim", "zugangscode", "zugangsdaten", "anmeldedaten", "zugangsschlussel", "zugriffsschlussel",
	"zugriffstoken", "apischlussel", "geheimerschlussel", "geheimenschlussel", "geheimeschlussel", "geheimschlussel",
	"privaterschlussel", "privatenschlussel", "privateschlussel", "kreditkarte", "kreditkartennummer", "kartennummer",
	"prufziffer", "prufnummer", "kartenprufnummer", "sicherheitscode", "bestatigungscode", "einmalcode",
	"einmalpasswort", "einmalkennwort", "tannummer", "smstan", "wiederherstellungsphrase", "wiederherstellungscode",
	"wiederherstellungsschlussel",
	# French
	"motdepasse", "motsdepasse", "mdp", "codesecret", "codepin", "codedacces", "clesecrete", "cleprivee", "cleapi",
	"cledapi", "clesapi", "cledacces", "jeton", "jetondacces", "phrasesecrete", "phrasedepasse",
	"phrasederecuperation", "numerodecarte", "numerodelacarte", "cartebancaire", "cartedecredit", "cartedepaiement",
	"cryptogramme", "codedeverification", "codedesecurite", "codedevalidation", "codeausageunique",
	"identifiantsdeconnexion",
	# Spanish
	"contrasena", "contrasenas", "claveapi", "clavedeapi", "clavedeacceso", "claveprivada", "clavesecreta", "suclave",
	"tuclave", "codigodeverificacion", "codigodeseguridad", "codigodeacceso", "codigopin", "codigosecreto",
	"codigodeunsolo", "numerodetarjeta", "numerodelatarjeta", "numerodesutarjeta", "tarjetadecredito",
	"tarjetadedebito", "frasesemilla", "frasesecreta", "frasederecuperacion", "credenciales", "secreto",
	# Italian
	"paroladordine", "paroladaccesso", "chiavesegreta", "chiaveprivata", "chiaveapi", "chiavediaccesso",
	"codicesegreto", "codicepin", "codicediverifica", "codicedisicurezza", "codicediaccesso", "numerodicarta",
	"numerodellacarta", "cartadicredito", "cartadidebito", "frasesegreta", "frasedirecupero", "frasedisicurezza",
	"credenziali", "segreto",
	# Portuguese
	"senha", "senhas", "palavrapasse", "palavradepasse", "chavedeapi", "chavedaapi", "chaveapi", "chavesecreta",
	"chaveprivada", "chavedeacesso", "codigodeverificacao", "codigodeseguranca", "codigodeacesso", "numerodocartao",
	"cartaodecredito", "cartaodedebito", "frasesemente", "frasederecuperacao", "credenciais", "segredo",
	# Dutch
	"wachtwoord", "wachtwoorden", "wachtzin", "toegangscode", "apisleutel", "geheimesleutel", "privesleutel",
	"toegangssleutel", "creditcardnummer", "kaartnummer", "beveiligingscode", "verificatiecode", "herstelzin",
	"herstelcode", "inloggegevens", "eenmaligecode",
	# Polish
	"hasło", "haslo", "hasła", "hasla", "hasłem", "hasłu", "kluczapi", "kluczprywatny", "kluczdostepu", "tajnyklucz",
	"kodpin", "kodweryfikacyjny", "koddostepu", "kodbezpieczenstwa", "numerkarty", "kartakredytowa",
	"kartykredytowej", "frazaseed", "frazaodzyskiwania", "sekret", "danelogowania",
	# Turkish
	"sifre", "sifreniz", "sifrenizi", "sifreyi", "sifresi", "sifrenin", "parolaniz", "parolanizi", "parolayi",
	"parolasi", "parolagirin", "yeniparola", "apianahtari", "gizlianahtar", "ozelanahtar", "kartnumarasi",
	"kredikarti", "dogrulamakodu", "guvenlikkodu", "onaykodu",
	# Scandinavian, Finnish, Czech, Slovak, Hungarian, Vietnamese, Indonesian
	"losenord", "losenordet", "passord", "passordet", "adgangskode", "kodeord", "salasana", "salasanasi",
	"tunnusluku", "heslo", "hesla", "heslem", "jelszo", "jelszava", "matkhau", "katasandi",
	# Russian, Ukrainian, Greek
	"пароль", "пароля", "пароли", "паролем", "парол", "пин", "пинкод", "пінкод", "секрет", "секретныи",
	"секретныиключ", "приватныиключ", "закрытыиключ", "апиключ", "apiключ", "ключapi", "ключдоступа", "токен",
	"кодподтверждения", "кодизсмс", "одноразовыикод", "одноразовыипароль", "номеркарты", "номеркредитноикарты",
	"кредитнаякарта", "сидфраза", "seedфраза", "секретнаяфраза", "кодовоеслово", "секретнииключ", "κωδικοςπροσβασης",
	"κωδικοπροσβασης", "μυστικοκλειδι",
	# Arabic, Persian, Hebrew, Hindi
	"كلمةالمرور", "كلمةالسر", "كلمةمرور", "رمزالتحقق", "رقمالبطاقة", "الرقمالسري", "المفتاحالسري", "رمزعبور",
	"گذرواژه", "סיסמה", "סיסמא", "הסיסמה", "הסיסמא", "पसवरड", "ओटप",
}
