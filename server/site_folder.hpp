#pragma once

#include <string>

namespace cadenza::server {

// Where the built client is: STATIC_DIR, which counts from the binary's folder, wherever that was started
// from.
std::string site_folder(const std::string& setting);

}  // namespace cadenza::server
