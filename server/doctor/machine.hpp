#pragma once

// What the machine gives: open files, and the built client on its disk.

#include "server/doctor/finding.hpp"
#include "shared/base/error.hpp"

#include <cstdint>

namespace cadenza::server::doctor {

// `may_open`: the limit of one process. Each connection is one; Redis, Spotify, files and logs want some.
Finding open_files(const Config& config, std::uint64_t may_open);

// `page`: the bytes of index.html, or why the site could not be read.
Finding static_site(const Config& config, const Result<std::string>& page);

}  // namespace cadenza::server::doctor
