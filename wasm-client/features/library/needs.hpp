#pragma once

#include "wasm-client/app/state.hpp"

#include <vector>

namespace cadenza::client {

// What the page on screen shows, most wanted first.
std::vector<Need> needs_of(const State& state);
// Why a row of a list is not there.
enum class Absence {
    unavailable,  // a local file, a podcast, something withdrawn
    loading,
    missing,  // not on this device, and the backend cannot be asked
    failed,
};
// Of a row in the page at `address`; `unavailable`: that page is there and lacks it.
Absence absence_of(const State& state, bool unavailable, const std::string& address);

// The address of a list's nth page. Where each page is known by the one before it, that of the first page not
// yet there.
template <class Fn>
std::string reachable_page(std::int32_t nth, Fn&& address_of_page) {
    auto address = address_of_page(nth);
    while (address.empty() && nth > 0) address = address_of_page(--nth);
    return address;
}

// Home's.
std::string top_artists_address();
std::string top_tracks_address();
// Search results of a query, all kinds in one request.
std::string search_address(const std::string& query);

}  // namespace cadenza::client
