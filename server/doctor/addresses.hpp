#pragma once

// The client and the server of two origins, as somebody outside finds them. Neither failing to answer is a
// failure: the doctor may be asked before either is there.

#include "server/doctor/finding.hpp"
#include "server/doctor/spotify.hpp"

namespace cadenza::server::doctor {

// What is to be asked for: "" when it is this server that has it.
std::string backend_question(const Config& config);
std::string frontend_question(const Config& config);

// Of the answers.
Finding backend_address(const Config& config, const Asked& asked);
Finding frontend_address(const Config& config, const Asked& asked);

}  // namespace cadenza::server::doctor
