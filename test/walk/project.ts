import { demoConfig } from '../../src/config/demo.ts'
import { mergeConfig } from '../../src/config/merge.ts'

/** The project that is walked through. After a recovery all other sessions are over, and links live long enough to be walked to. */
export const WALKED_PROJECT = mergeConfig(demoConfig(), {
  selfservice: {
    flows: { recovery: { after: { hooks: [{ hook: 'revoke_active_sessions' }] } } },
    methods: { link: { config: { lifespan: '6h' } } },
  },
})
