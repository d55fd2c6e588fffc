/** Addresses whose pages are for anybody, whether or not somebody is signed in at this browser. */
export const openPlaces: readonly string[] = ['/signed-in', '/register', '/invitation', '/password', '/style'];

/** Whether a page is shown only to who is signed in. */
export const asksWhoIsThere = (pathname: string): boolean =>
  !openPlaces.some((place) => pathname.replace(/\/+$/, '') === place);
