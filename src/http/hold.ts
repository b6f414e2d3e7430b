import type { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Millis } from '../state/clock.ts'

/*
 * Answers that are held back on purpose. A server that is being closed does not wait for them: the connection itself tells
 * it that nothing is under way.
 */

const HELD = Symbol('an answer is held back')
const RELEASED = Symbol('it is no longer')

/** Beyond this Node's timers do not wait at all. */
const LONGEST: Millis = 2 ** 31 - 1

/** Never answers. */
export function holdForEver(res: ServerResponse): void {
  res.socket?.emit(HELD)
}

/**
 * Waits before an answer.
 * @returns false when the connection ended meanwhile: there is nobody to answer
 */
export async function hold(res: ServerResponse, length: Millis): Promise<boolean> {
  const { socket } = res
  const ended = new AbortController()
  const end = (): void => ended.abort()
  res.once('close', end)
  socket?.emit(HELD)
  try {
    return await wait(Math.min(length, LONGEST), true, { signal: ended.signal })
  } catch (error) {
    if (ended.signal.aborted) return false
    throw error
  } finally {
    res.off('close', end)
    socket?.emit(RELEASED)
  }
}

/** Calls back when an answer of a connection is held back, and when it is no longer. */
export function watchHeld(socket: EventEmitter, held: () => void, released: () => void): void {
  socket.on(HELD, held)
  socket.on(RELEASED, released)
}
