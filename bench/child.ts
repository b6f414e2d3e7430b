import { fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** A file of `children/` in a process of its own, whose heap nobody else uses. It is asked and answers by messages. */
export class Child {
  readonly #process

  /** @param file by its name without ending */
  constructor(file: string, ...args: readonly string[]) {
    const url = new URL(`children/${file}.ts`, import.meta.url)
    this.#process = fork(url, args, { execArgv: ['--import', TSX, '--expose-gc'] })
  }

  /** The next message of the child, after it was given this one. @throws when it ends instead */
  ask<T>(message: object = {}): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`a measured process ended with ${code}`))
      this.#process.once('exit', ended)
      this.#process.once('message', (said) => {
        this.#process.off('exit', ended)
        resolve(said as T)
      })
    })
    this.#process.send(message)
    return answer
  }

  stop(): void {
    this.#process.kill()
  }
}
