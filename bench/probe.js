// Loaded into every measured server (node --import): tells the bench how much processor time and memory the server used.
process.on('message', ({ collect }) => {
  if (collect) globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  process.send({ cpu: (user + system) / 1000, rss, heapUsed })
})
process.channel?.unref()
