import type { Identity } from '../../src/state/records.ts'
import type { Browser, FlowBody, Server } from '../support/people.ts'
import { nodeOf } from '../support/people.ts'
import { totpCodeAt, totpSecretOf } from '../support/totp.ts'
import { ANN } from './flows.ts'

/* Ann with second factors, which she has set up as people do. */

export interface Factors {
  /** What her authenticator app shows now. */
  readonly code: string
  /** Her twelve backup codes. */
  readonly codes: readonly string[]
}

/** Ann with an app and backup codes; the browser that set them up is signed in by both. */
export async function withFactors(server: Server): Promise<Factors> {
  await server.person(ANN)
  const browser = await server.signedIn(ANN)
  const flow = await browser.settings()
  const code = totpCodeAt(server.world.now(), totpSecretOf(flow))
  await browser.submit('settings', flow, { method: 'totp', totp_code: code })
  return { code, codes: await setUpCodes(browser) }
}

/** Twelve new backup codes of whoever is signed in. */
export async function setUpCodes(browser: Browser): Promise<readonly string[]> {
  const flow = await browser.settings()
  const { body } = await browser.submit('settings', flow, { lookup_secret_regenerate: true })
  await browser.submit('settings', flow, { lookup_secret_confirm: true })
  return secretsIn(body).map(({ text }) => text)
}

/** What the text node of the backup codes says of each. */
export function secretsIn(flow: FlowBody): readonly { readonly id: number; readonly text: string }[] {
  const attributes = nodeOf(flow, 'lookup_secret_codes')?.attributes
  if (attributes?.node_type !== 'text') throw new Error('the flow shows no codes')
  return attributes.text.context?.['secrets'] as unknown as ReturnType<typeof secretsIn>
}

/** A login that asks Ann for her second factor, and who is asked. */
export interface Halfway {
  readonly server: Server
  readonly client: Browser
  readonly flow: FlowBody
}

/** Ann has used her password alone. */
export async function halfway(server: Server, type: 'browser' | 'api' = 'browser'): Promise<Halfway> {
  const client = type === 'browser' ? await server.signedIn(ANN) : await server.signedInApp(ANN)
  return { server, client, flow: await client.login('?aal=aal2') }
}

/** Ann as the world knows her. */
export function annIn({ world }: Server): Identity {
  const ann = world.identities.find('identifier', `password:${ANN}`)
  if (!ann) throw new Error('Ann is not there')
  return ann
}
