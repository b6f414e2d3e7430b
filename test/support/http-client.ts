import { type Answer, type OutgoingRequest as Outgoing, sendTo } from '../../src/verify/http-client.ts'

export type { Answer } from '../../src/verify/http-client.ts'

/** A request exactly as it is to be sent: nothing is added but what HTTP itself needs. */
export interface OutgoingRequest extends Outgoing {
  /** Of 127.0.0.1. The `Host` is this address unless `headers` name another. */
  readonly port: number
}

/** Sends one request. @throws when no answer comes within 15 seconds, so that a hang is a failed test */
export function send({ port, ...request }: OutgoingRequest): Promise<Answer> {
  return sendTo(`http://127.0.0.1:${port}`, request)
}
