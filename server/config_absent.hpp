#pragma once

#include "server/config_reader.hpp"

#include <vector>

namespace cadenza::server {

// Complains about settings this version has no part for, when they ask for something it would do otherwise;
// gives those it merely does without.
std::vector<ConfigProblem> refuse_absent(ConfigReader& reader);

}  // namespace cadenza::server
