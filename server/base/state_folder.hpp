#pragma once

// The folder of what must outlive a restart.

#include "shared/base/error.hpp"

#include <string>

namespace cadenza::server {

// Makes it unless it is there, with what is missing above it, for its owner only. Errors: storage_failed when
// it could not be made or written; `detail` names the folder and why.
Status make_state_folder(const std::string& folder);
// What make_state_folder() would say, without making anything.
Status check_state_folder(const std::string& folder);

// Its file `name`: at most `most_bytes`. Errors: not_found; storage_failed.
Result<std::string> read_state(const std::string& folder, const std::string& name, std::size_t most_bytes);
// Whole or not at all, for the owner only; after a loss of power it may be empty. Errors: storage_failed.
Status write_state(const std::string& folder, const std::string& name, std::string_view content);

}  // namespace cadenza::server
