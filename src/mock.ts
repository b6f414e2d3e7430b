import type { Settings } from './config/settings.ts'
import type { Contract } from './contract/contract.ts'
import type { Ports } from './http/address.ts'
import { hostname } from './http/address.ts'
import type { Operation } from './http/call.ts'
import type { DataFile } from './simulation/data/data-file.ts'
import type { Sandboxes } from './simulation/sandboxes.ts'
import type { Start } from './simulation/start.ts'
import type { Journals } from './verdict/journals.ts'

/** How requests that break the contract are answered where Ory does not judge them itself. */
export type RequestPolicy = 'enforce' | 'report'

/** Bounds of what a client may send. */
export interface RequestLimits {
  /** Of a body, in bytes. */
  readonly body: number
  /** Of the first line and the headers, in bytes. */
  readonly headers: number
}

/** Everything that the pipeline needs; made once for each server (create-mock.ts). */
export interface Mock {
  readonly contract: Contract
  readonly operations: Readonly<Record<string, Operation>>
  /** What new sandboxes begin with. */
  readonly start: Start
  /** The settings that the server started with: ports, base URLs. */
  readonly settings: Settings
  readonly sandboxes: Sandboxes
  readonly journals: Journals
  readonly requests: RequestPolicy
  /** `off`, `any`, or the one token that counts, for the operations that the document secures with a bearer. */
  readonly auth: string
  /** Host names that are answered beside loopback and base URLs. */
  readonly allowedHosts: ReadonlySet<string>
  /** The host names of the configured base URLs, which choose no sandbox. */
  readonly baseHosts: ReadonlySet<string>
  /** A proxy in front may say how the client addressed it: `X-Forwarded-Host` and its relatives count. */
  readonly trustProxy: boolean
  readonly limits: RequestLimits
  /** Whether identifiers such as `SWITCH-NAME@mock.test` throw their switch. */
  readonly magic: boolean
  /** Where everything is kept across restarts (`--data`); set when it is opened. */
  data: DataFile | undefined
  /** Ports of a server with an address for each API; filled when it listens. */
  ports: Ports
  /** Told about what nobody expected: a failure of ours. */
  readonly onFailure: (error: unknown, what: string) => void
  /** Told about every exchange with Ory's APIs, in one line. */
  readonly onExchange: ((line: string) => void) | undefined
}

/** The host names of the configured base URLs. */
export function baseHostsOf(settings: Settings): ReadonlySet<string> {
  const urls = [settings.serve.public.base_url, settings.serve.admin.base_url]
  return new Set(urls.flatMap((url) => (url !== undefined && URL.canParse(url) ? [hostname(new URL(url).host)] : [])))
}
