#pragma once

#include "server/config_reader.hpp"

namespace cadenza::server {

// What operators watch by: ADMIN_ADDR, SENTRY_DSN and SENTRY_DSN_CLIENT.
void read_admin(ConfigReader& reader, Config& config);

}  // namespace cadenza::server
