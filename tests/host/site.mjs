// The built client, made by ./dev before these tests run.
export const site = process.env.CADENZA_SITE ?? new URL('../../build/site', import.meta.url).pathname;
