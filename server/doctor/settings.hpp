#pragma once

// What can be said of settings that can be used without asking anybody: which of them an operator may regret.

#include "server/doctor/finding.hpp"

namespace cadenza::server::doctor {

// The string to register at Spotify, and whether Spotify takes it.
Finding redirect_uri(const Config& config);
// Whether the client's own requests carry the session's cookie.
Finding same_site(const Config& config);
Finding cookies(const Config& config);
// Whether addresses and https can be told behind a proxy.
Finding proxies(const Config& config);
// Whether sessions outlive a restart and are shared by all processes.
Finding sessions(const Config& config);
Finding store_fallback(const Config& config);
Finding rate_limit(const Config& config);
Finding admin(const Config& config);
Finding trusted_types(const Config& config);
Finding error_reports(const Config& config);
// What must be saved so that nobody signs in again after a loss.
Finding backups(const Config& config);

// All of them.
Findings settings_findings(const Config& config);

}  // namespace cadenza::server::doctor
