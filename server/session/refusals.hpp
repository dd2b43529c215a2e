#pragma once

#include "server/services.hpp"
#include "server/session/refusal_breaker.hpp"
#include "server/session/shared_refusals.hpp"

#include <functional>
#include <optional>
#include <string>

namespace cadenza::server {

// Whether Spotify is believed when it refuses a refresh: by what all processes count where there is Redis,
// else, and while Redis is out, by this one's own count. Only the process that marked a session has its
// ticket, so each forgives its own, and for that looks whether the breaker opened elsewhere.
class Refusals {
public:
    // Takes the mark from the session of a ticket.
    using Forgive = std::function<asio::awaitable<void>(Secret ticket)>;

    // `services` must outlive it, and it the looking, which ends soon after the window.
    Refusals(const Services& services, Forgive forgive);

    // Until when no refusal is believed, as far as this process knows; nullopt: they are.
    std::optional<std::int64_t> open_until() const { return breaker_.open_until(services_.clock()); }
    // Learns whether it opened elsewhere.
    asio::awaitable<void> look();
    // Counts a refused refresh. Until when it is not to be believed, nor any other; nullopt: believe it.
    asio::awaitable<std::optional<std::int64_t>> count(std::string account);
    // The session of this ticket was marked.
    void believe(Secret ticket);
    // How many sessions were believed for good.
    std::int64_t final_count() const { return breaker_.final_count(services_.clock()); }

private:
    asio::awaitable<void> open(std::int64_t until);
    asio::awaitable<void> keep_looking();

    const Services& services_;
    Forgive forgive_;
    RefusalBreaker breaker_;
    std::optional<SharedRefusals> shared_;
    bool looking_{};
};

}  // namespace cadenza::server
