#pragma once

#include <string_view>

namespace cadenza::emulator {

// The text of server/emulator/sdk/<name>, built in; empty when there is none.
std::string_view sdk_file(std::string_view name);

}  // namespace cadenza::emulator
