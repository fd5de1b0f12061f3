/** Started as a member of a crew by a test: what Node says of a thread for which there is no memory. */
throw Object.assign(new Error('Worker terminated due to reaching memory limit: JS heap out of memory'), {
  code: 'ERR_WORKER_OUT_OF_MEMORY',
});
