/** The words by which a server asks for a secret, from the wire to the finding: folding and policy together. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startJudging, type Judged } from '../support/policy-engine.ts'

let judged: Judged

beforeAll(async () => {
  judged = await startJudging()
})
afterAll(async () => {
  await judged.close()
})

async function codesOf(elicitation: Record<string, unknown>): Promise<readonly string[]> {
  const input = await judged.inputOf({
    ...judged.queries.permit,
    phase: 'input_request',
    capability: { kind: 'elicitation' },
    elicitation,
  })
  return (await judged.judge(input)).findings.map((finding) => finding.code)
}

const form = (
  message: string,
  name = 'value',
  field: Record<string, unknown> = {},
): Record<string, unknown> => ({
  message,
  requestedSchema: { type: 'object', properties: { [name]: { type: 'string', ...field } } },
})

describe('a form that asks for a secret is found', () => {
  it.each([
    ['Please enter your password'],
    ['Bitte geben Sie Ihr Passwort ein'],
    ['Entrez votre mot de passe'],
    ['Introduzca su contraseña'],
    ['Inserisci la password'],
    ['Digite a sua senha'],
    ['Voer uw wachtwoord in'],
    ['Podaj hasło'],
    ['Lütfen şifrenizi girin'],
    ['Введите пароль'],
    ['请输入密码'],
    ['パスワードを入力してください'],
    ['Your API key, please'],
    ['Your APIKey, please'],
    ['the api-key of the service'],
    ['Enter your p4ssw0rd'],
    ['Enter your pаsswоrd'],
    ['Enter your pass\u200bword'],
    ['Enter your p a s s w o r d'],
    ['Enter your ｐａｓｓｗｏｒｄ'],
    ['What is your credit card number?'],
    ['Type the one-time code'],
    ['Paste the private key here'],
    ['Your seed phrase'],
    ['client_secret of the app'],
    ['access token'],
  ])('in the message: %s', async (message) => {
    expect(await codesOf(form(message))).toContain('clarification.secret_asked')
  })

  it.each([['password'], ['userPassword'], ['API_KEY'], ['pwd'], ['accessToken'], ['cvv']])(
    'in the name of a field: %s',
    async (name) => {
      expect(await codesOf(form('Please fill in', name))).toContain('clarification.secret_asked')
    },
  )

  it('in a title, a description, a choice and a default', async () => {
    for (const field of [
      { title: 'Password' },
      { description: 'the secret key of the account' },
      { enum: ['password', 'none'] },
      { default: 'your password' },
    ]) {
      expect(await codesOf(form('Please fill in', 'value', field))).toContain(
        'clarification.secret_asked',
      )
    }
  })
})

describe('a form that asks for none is let be', () => {
  it.each([
    ['Which compass direction?'],
    ['How many passengers travel?'],
    ['Pick a keyboard layout'],
    ['Which pinned message do you mean?'],
    ['Name of the secretary'],
    ['Bitte bestätigen Sie das Datum'],
    ['Confirm the restart of the service'],
    ['What is the weather passing by?'],
  ])('%s', async (message) => {
    expect(await codesOf(form(message))).not.toContain('clarification.secret_asked')
  })
})
