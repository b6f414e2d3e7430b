import { defineConfig } from '@playwright/test'

export default defineConfig({ testMatch: 'fails.spec.ts', reporter: 'json' })
