/** How wide a terminal is. One that was never told its size, as in some CI and containers, says 0. */
export function columnsOf({ columns }: { readonly columns?: number | undefined }): number {
  return columns || 80;
}
