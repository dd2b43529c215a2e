#pragma once

// What a static host must do to serve the built site as this server does: the same headers, and the shell at
// the addresses of pages. Written as the settings of four of them.

#include "server/http/security_headers.hpp"

#include <string>

namespace cadenza::http {

enum class StaticHost { vercel, netlify, nginx, caddy };

// vercel: a vercel.json · netlify: a netlify.toml · nginx: for `include` inside `server` · caddy: for
// `import` inside a site's block.
std::string static_host_settings(StaticHost host, const SecurityPolicy& policy);

// What this server appends to sw.js, so that cached pages are fetched again when their policy changes.
std::string worker_line(const SecurityPolicy& policy);

}  // namespace cadenza::http
