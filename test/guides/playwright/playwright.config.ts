import { defineConfig } from '@playwright/test'
import type { OryMockWorkerFixtures } from 'ory-mock/playwright'

export default defineConfig<object, OryMockWorkerFixtures>({
  fullyParallel: true,
  use: { baseURL: 'http://localhost:3000', oryMock: { url: 'http://localhost:4000' } },
  webServer: [
    { command: 'npx ory-mock --port 4000 --app http://localhost:3000', url: 'http://localhost:4000/health/ready' },
    {
      command: 'node ../app/app.js', // your app
      env: { PORT: '3000', ORY_SDK_URL: 'http://localhost:4000' },
      url: 'http://localhost:3000',
    },
  ],
})
