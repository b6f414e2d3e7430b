import * as network from '@ory/client'
import * as selfHosted from '@ory/kratos-client'
import axios, { type AxiosInstance } from 'axios'
import type { CookieJar } from '../support/cookie-jar.ts'

/** What a client of Ory's needs to know. */
export interface Access {
  readonly url: string
  /** Of the project's owner, for the operations that need one. */
  readonly token?: string
  /** Keeps and sends cookies as a browser does. */
  readonly jar?: CookieJar
}

/** The methods that both packages have alike. */
export type OryClient = Omit<
  Pick<network.V0alpha2Api, keyof network.V0alpha2Api & keyof selfHosted.V0alpha2Api>,
  'listIdentitySchemas'
>

export interface ClientPackage {
  readonly name: string
  /** Whether it sends a token on every operation that needs one. */
  readonly sendsEveryToken: boolean
  readonly connect: (access: Access) => OryClient
}

/** The JavaScript clients of July 2022. */
export const CLIENTS: readonly ClientPackage[] = [
  {
    name: '@ory/client',
    sendsEveryToken: true,
    connect: ({ url, token, jar }) => {
      const configuration = new network.Configuration({
        basePath: url,
        ...(token === undefined ? {} : { accessToken: token }),
      })
      return new network.V0alpha2Api(configuration, undefined, transport(jar))
    },
  },
  {
    name: '@ory/kratos-client',
    sendsEveryToken: false,
    connect: ({ url, token, jar }) => {
      const configuration = new selfHosted.Configuration({
        basePath: url,
        ...(token === undefined ? {} : { apiKey: `Bearer ${token}` }),
      })
      return new selfHosted.V0alpha2Api(configuration, undefined, transport(jar))
    },
  },
]

function transport(jar: CookieJar | undefined): AxiosInstance {
  const instance = axios.default.create({ maxRedirects: 0 })
  if (jar === undefined) return instance
  instance.interceptors.request.use((request) => {
    const cookie = jar.header()
    return cookie === undefined ? request : { ...request, headers: { ...request.headers, Cookie: cookie } }
  })
  const keep = ({ headers }: { headers: { readonly 'set-cookie'?: readonly string[] } }) =>
    jar.store(headers['set-cookie'] ?? [])
  instance.interceptors.response.use(
    (response) => {
      keep(response)
      return response
    },
    (error) => {
      if (error.response !== undefined) keep(error.response)
      throw error
    },
  )
  return instance
}

/** An answer that the client throws because it is no success. */
export interface Failure {
  readonly status: number
  readonly data: Readonly<Record<string, unknown>>
}

/** @throws when the call succeeds */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call
  } catch (error) {
    const { response } = error as { response?: Failure }
    if (response === undefined) throw error
    return { status: response.status, data: response.data }
  }
  throw new Error('the call succeeded')
}
