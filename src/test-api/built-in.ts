/** The fixtures that come with the package. */
export const BUILT_IN_FIXTURES = ['empty', 'team'] as const

/** The scenarios that come with the package. */
export const BUILT_IN_SCENARIOS = ['aal2-required', 'expired-flow'] as const

export type BuiltInFixture = (typeof BUILT_IN_FIXTURES)[number]

export type BuiltInScenario = (typeof BUILT_IN_SCENARIOS)[number]
