import express, { type Express, type Request, type Response } from 'express'
import { refusal } from '../http/guard.ts'
import { finalise, send } from '../http/send.ts'
import type { Mock } from '../mock.ts'
import { DEFAULT_SANDBOX } from './sandboxes.ts'

/** The mailbox of self-hosted set-ups, port 4437. */
export function createMailApp(mock: Mock): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use((_req: Request, res: Response) => {
    const { sandbox } = mock.sandboxes.enter(DEFAULT_SANDBOX)
    send(res, finalise(refusal(404, 'There is nothing here.'), {}), sandbox.world.now())
  })
  return app
}
