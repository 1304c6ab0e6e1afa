/** Waits for an answer that may take long when Kafka is silent; null when `over` aborts first. */
export async function answerUnless<T>(over: AbortSignal, asking: Promise<T>): Promise<T | null> {
  return await new Promise((resolve, reject) => {
    const giveUp = (): void => resolve(null);
    if (over.aborted) giveUp();
    over.addEventListener('abort', giveUp, { once: true });
    void asking.then(resolve, reject).finally(() => over.removeEventListener('abort', giveUp));
  });
}
