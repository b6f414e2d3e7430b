import type { Mock } from '../mock.ts'
import { DEFAULT_SANDBOX } from '../simulation/sandboxes.ts'
import type { ThrownSwitch } from '../state/thrown-switch.ts'

/** Ports by API: `all` for the one-port server, else the others. */
export type Addresses =
  | { readonly all: number }
  | {
      readonly public: number
      readonly admin: number
      readonly read: number
      readonly write: number
      readonly mail: number
    }

export interface Started {
  readonly addresses: Addresses
  readonly mock: Mock
  readonly project: string
  readonly fixture: string
  readonly scenario: string | undefined
}

const at = (port: number): string => `http://localhost:${port}`

/** What an app must export to use the server (ecosystem §6.3). */
export function exports(addresses: Addresses): readonly (readonly [string, string])[] {
  if ('all' in addresses) {
    return [
      ['ORY_SDK_URL', at(addresses.all)],
      ['NEXT_PUBLIC_ORY_SDK_URL', at(addresses.all)],
      ['ORY_PAT', 'ory_pat_any'],
    ]
  }
  return [
    ['ORY_SDK_URL', at(addresses.public)],
    ['ORY_KRATOS_URL', at(addresses.public)],
    ['KRATOS_PUBLIC_URL', at(addresses.public)],
    ['KRATOS_BROWSER_URL', at(addresses.public)],
    ['KRATOS_ADMIN_URL', at(addresses.admin)],
    ['KETO_READ_REMOTE', `localhost:${addresses.read}`],
    ['KETO_WRITE_REMOTE', `localhost:${addresses.write}`],
  ]
}

/** The switches that are thrown from the start, with what narrows them. */
function switchesOf({ sandboxes }: Mock): readonly string[] {
  const thrown = [...(sandboxes.get(DEFAULT_SANDBOX)?.world.switches.values() ?? [])].map(describeThrown)
  return thrown.length === 0 ? [] : [`  switches  ${thrown.join(', ')}`]
}

function describeThrown({ name, operation, times, after, probability, parameters = {} }: ThrownSwitch): string {
  const narrowed = Object.entries({ times, after, probability, ...parameters }).filter(
    ([, value]) => value !== undefined,
  )
  const all = [...(operation === undefined ? [] : [operation]), ...narrowed.map(([key, value]) => `${key} ${value}`)]
  return all.length === 0 ? name : `${name} (${all.join(', ')})`
}

/** One screen: where to reach it, what it serves, what to export, and one command that works. */
export function startScreen({ addresses, mock, project, fixture, scenario }: Started): string {
  const publicUrl = at('all' in addresses ? addresses.all : addresses.public)
  return [
    'ory-mock is ready. It is for tests only.',
    '',
    ...('all' in addresses
      ? [`  APIs      ${publicUrl}`]
      : Object.entries(addresses).map(([name, port]) => `  ${name.padEnd(9)} ${at(port)}`)),
    `  pages     ${publicUrl}/ui/welcome`,
    `  panel     ${publicUrl}/__mock/`,
    '',
    `  project   ${project}`,
    `  fixture   ${fixture}`,
    ...(scenario === undefined ? [] : [`  scenario  ${scenario}`]),
    `  dialect   ${mock.contract.dialect}`,
    ...switchesOf(mock),
    '',
    ...exports(addresses).map(([name, value]) => `  export ${name}=${value}`),
    '',
    'Try it:',
    `  curl -s ${publicUrl}/self-service/login/api`,
  ].join('\n')
}
