/** Runs `work`, and closes what it works with where it fails. */
export async function closingOnError<T>(close: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await close();
    throw error;
  }
}
