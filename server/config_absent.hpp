#pragma once

#include "server/config_reader.hpp"

namespace cadenza::server {

// Complains about settings this version has no part for, when they ask for something.
void refuse_absent(ConfigReader& reader);

}  // namespace cadenza::server
