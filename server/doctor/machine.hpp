#pragma once

// What the machine gives: open files, and the built client on its disk.

#include "server/doctor/finding.hpp"
#include "shared/base/error.hpp"

#include <cstdint>

namespace cadenza::server::doctor {

// `may_open`: the hard limit of one process; it raises the soft one itself.
Finding open_files(const Config& config, std::uint64_t may_open);

// `page`: the bytes of index.html, or why the site could not be read.
Finding static_site(const Config& config, const Result<std::string>& page);

// `usable`: what check_state_folder() says of STATE_DIR.
Finding state_folder(const Config& config, const Status& usable);

}  // namespace cadenza::server::doctor
