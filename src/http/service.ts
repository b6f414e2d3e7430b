/** Which of Ory's servers answers a path; they differ in headers, in CSRF protection and in what is done on unknown routes. */
export type Service = 'kratos-public' | 'kratos-admin' | 'keto' | 'console' | 'metadata'

const SERVICES: readonly (readonly [RegExp, Service])[] = [
  [/^\/(admin\/)?relation-tuples(\/|$)/, 'keto'],
  [/^\/admin(\/|$)/, 'kratos-admin'],
  [/^\/projects(\/|$)/, 'console'],
  [/^\/(health\/|version$)/, 'metadata'],
]

export function serviceOf(path: string): Service {
  for (const [pattern, service] of SERVICES) if (pattern.test(path)) return service
  return 'kratos-public'
}
