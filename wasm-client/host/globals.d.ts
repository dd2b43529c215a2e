// Written into the bundles by pwa/build.mjs.

/** The client's page table, from shared/api/pages.hpp. */
declare const PAGE_PATTERNS: readonly string[];

/** Where report.js is served, a file of its own. */
declare const REPORT_MODULE: string;
