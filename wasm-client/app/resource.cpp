#include "wasm-client/app/resource.hpp"

namespace cadenza::client {

void Resources::mark_stale(std::string_view prefix) {
    for (auto& [address, resource] : by_address_)
        if (address.starts_with(prefix)) resource.stale = true;
}

void Resources::mark_troubled_stale() {
    for (auto& [address, resource] : by_address_) resource.stale |= resource.trouble.has_value();
}

void Resources::forget_troubles() {
    for (auto& [address, resource] : by_address_) resource.trouble.reset();
}

}  // namespace cadenza::client
