import type { IncomingMessage, ServerResponse } from 'node:http'
import { refusal } from '../http/guard.ts'
import { finalise, send } from '../http/send.ts'
import type { Mock } from '../mock.ts'

/** A failure of ours: reported, and said to be one, so that it is never taken for an answer of Ory's. */
export function lastResort(mock: Mock, error: unknown, req: IncomingMessage, res: ServerResponse): void {
  // a client that went away in the middle of its request waits for nothing, and nothing failed
  if (error === req.errored) {
    res.destroy()
    return
  }
  mock.onFailure(error, `${req.method} ${req.url}`)
  if (res.headersSent) {
    res.destroy()
    return
  }
  const reply = refusal(
    500,
    'The mock server failed on this request. This is a defect of the mock, not an answer of Ory.',
  )
  send(res, finalise(reply, { 'X-Mock-Failure': 'true' }), Date.now())
}
