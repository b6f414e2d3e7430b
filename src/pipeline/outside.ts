import type { Reply } from '../http/reply.ts'
import type { Mock } from '../mock.ts'
import { answerControl } from '../simulation/control.ts'
import { answerUi } from '../ui/page.ts'
import { answerPanel } from '../ui/panel.ts'
import type { Exchange } from './exchange.ts'

/** Answers what lies outside Ory's contract: the control API, its panel and our own pages. Undefined for everything else. */
export function answerOutside(mock: Mock, exchange: Exchange): Reply | Promise<Reply> | undefined {
  return answerPanel(exchange) ?? answerControl(mock, exchange) ?? answerUi(exchange)
}
