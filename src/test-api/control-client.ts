/** The control API refused a request, or could not be reached: what was asked, and what it said. */
export class ControlRequestError extends Error {
  /** Undefined when there was no answer. */
  readonly status: number | undefined

  constructor(message: string, status?: number, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ControlRequestError'
    this.status = status
  }
}

/** Speaks to the control API of one sandbox. */
export class ControlClient {
  /** Where the sandbox's APIs are, without a trailing slash. */
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  async get<T>(path: string): Promise<T> {
    return (await this.#send('GET', path)) as T
  }

  async send<T = void>(method: 'PUT' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
    return (await this.#send(method, path, body)) as T
  }

  async #send(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/__mock${path}`, {
      method,
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new ControlRequestError(`There is no mock server at ${this.url}.`, undefined, { cause })
    })
    const text = await response.text()
    const answer: unknown = text === '' ? undefined : JSON.parse(text)
    if (response.ok) return answer
    const said = typeof answer === 'object' && answer !== null && 'error' in answer ? String(answer.error) : text
    throw new ControlRequestError(`${method} ${path}: ${said}`, response.status)
  }
}
