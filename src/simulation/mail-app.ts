import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { mailslurper } from '../courier/mailslurper.ts'
import { isAllowedHost } from '../http/address.ts'
import { misdirected, refusal } from '../http/guard.ts'
import { finalise, send } from '../http/send.ts'
import type { Mock } from '../mock.ts'
import { lastResort } from '../pipeline/last-resort.ts'
import { DEFAULT_SANDBOX } from './sandboxes.ts'

/** The mailbox of self-hosted set-ups, port 4437. */
export function createMailApp(mock: Mock): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use((req: Request, res: Response) => {
    const { world } = mock.sandboxes.enter(DEFAULT_SANDBOX).sandbox
    const host = req.headers.host ?? ''
    const [path = '', query] = req.originalUrl.split('?', 2)
    const reply = isAllowedHost(host, mock.baseHosts, mock.allowedHosts)
      ? (mailslurper(world, path, new URLSearchParams(query), req.method) ?? refusal(404, 'Mails are at /mail.'))
      : misdirected(host)
    send(res, finalise(reply, {}), world.now())
  })
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => lastResort(mock, error, req, res))
  return app
}
