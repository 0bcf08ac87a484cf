/** Forms that ask for a secret, as people write them: folded by the service, found by the default policy. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { elicitationFeatures } from '../../service/decision/elicitation-features.ts'
import { startJudging, type Judged } from '../support/policy-engine.ts'
import { baseQuestions } from './cases.ts'

let judged: Judged

beforeAll(async () => {
  judged = await startJudging()
})
afterAll(async () => {
  await judged.close()
})

const secrets = [
  'Please enter your password',
  'PASSWORD',
  'pass-word',
  'pass_word',
  'p a s s w o r d',
  'p@ssw0rd',
  'pa55word',
  'pаssword',
  'раssword',
  'ｐａｓｓｗｏｒｄ',
  'pass\u200Bword',
  'userPassword',
  'db_password',
  'Passphrase',
  'passcode',
  'Your PIN, please',
  'p1n',
  'PIN code',
  'API key',
  'api_key',
  'apiKey',
  'APIKey',
  'API-KEY',
  'OPENAI_API_KEY',
  'x-api-key',
  'client secret',
  'clientSecret',
  'access token',
  'accessToken',
  'Bearer token',
  'private key',
  'SSH private key',
  'seed phrase',
  'recovery words',
  'mnemonic',
  'card number',
  'cardNumber',
  'Credit card',
  'CVV',
  'CVC2',
  'OTP',
  '2FA code',
  'two-factor code',
  'one-time code',
  'one time password',
  'verification code',
  'backup codes',
  'login credentials',
  'Passwort',
  'Benutzerpasswort',
  'Kennwort',
  'Geheimzahl',
  'API-Schlüssel',
  'privater Schlüssel',
  'Kreditkartennummer',
  'Prüfziffer',
  'Mot de passe',
  'clé d’API',
  'Numéro de carte bancaire',
  'Code de sécurité',
  'Contraseña',
  'Clave de acceso',
  'Código de verificación',
  'Número de tarjeta',
  "Parola d'ordine",
  'Chiave segreta',
  'Codice di sicurezza',
  'Senha',
  'Chave de API',
  'Número do cartão',
  'Código de segurança',
  'Wachtwoord',
  'Beveiligingscode',
  'Hasło',
  'Kod weryfikacyjny',
  'Şifreniz',
  'ŞİFRE',
  'Kart numarası',
  'Lösenord',
  'Adgangskode',
  'Salasana',
  'Heslo',
  'Jelszó',
  'Mật khẩu',
  'Kata sandi',
  'Введите пароль',
  'ПАРОЛЬ',
  'ПИН-код',
  'Код подтверждения',
  'секретный ключ',
  'κωδικός πρόσβασης',
  '请输入密码',
  '密碼',
  '验证码',
  '私钥',
  '助记词',
  '信用卡号',
  'パスワードを入力してください',
  'ﾊﾟｽﾜｰﾄﾞ',
  '暗証番号',
  'クレジットカード',
  'セキュリティコード',
  '비밀번호를 입력하세요',
  '인증번호',
  'รหัสผ่าน',
  'كلمة المرور',
  'رمز التحقق',
  'סיסמה',
  'पासवर्ड',
]

const harmless = [
  'Why do you restart the service?',
  'Compass heading',
  'a compass word',
  'Pinned message',
  'spinning top',
  'opinion',
  'keyboard layout',
  'monkey',
  'Passenger name',
  'boarding pass',
  'Passport country',
  'Pass the message on?',
  'max tokens',
  'Number of tokens',
  'tokenizer',
  'secretary',
  'Key results',
  'keyword',
  'parola chiave',
  'punto clave',
  'Autor',
  'Schlüsselwort',
  'Postcard',
  'card colour',
  'postcode',
  'country code',
  'colour code',
  'e-mail address',
  'Telephone number',
  'environment',
  '冬の旅行',
  '北京',
  'зимние каникулы',
  'le mot juste',
]

async function codesOf(title: string, name = 'answer'): Promise<readonly string[]> {
  const question = structuredClone(baseQuestions.get('form_request')) as {
    question: Record<string, unknown>
  }
  question.question['elicitation'] = elicitationFeatures(
    {
      message: 'The server needs one more thing.',
      requestedSchema: { type: 'object', properties: { [name]: { type: 'string', title } } },
    },
    null,
  )
  return (await judged.judge(question)).findings.map((finding) => finding.code)
}

describe('a form', () => {
  it.each(secrets)('that asks for a secret is denied: %s', async (title) => {
    expect(await codesOf(title)).toContain('clarification.secret_asked')
  })

  it.each(harmless)('that asks for something else is permitted: %s', async (title) => {
    expect(await codesOf(title)).toEqual([])
  })

  it.each([
    'password',
    'apiKey',
    'api_key',
    'pin',
    'pass',
    'clave',
    'card-number',
    'senha',
    'пароль',
  ])('that has a field of this name is denied: %s', async (name) => {
    expect(await codesOf('Answer', name)).toContain('clarification.secret_asked')
  })
})
