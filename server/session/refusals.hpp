#pragma once

#include "server/services.hpp"
#include "server/session/refusal_breaker.hpp"
#include "server/session/shared_refusals.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace cadenza::server {

// Whether Spotify is believed when it refuses a refresh: by what all processes count where there is Redis,
// else, and while Redis is out, by this one's own count. Only the process that marked a session has its
// ticket, so each forgives its own, and for that looks whether the breaker opened elsewhere.
class Refusals {
public:
    // Takes the mark from the session of a ticket. Whether there is none now; false: the store failed.
    using Forgive = std::function<asio::awaitable<bool>(Secret ticket)>;

    // `services` must outlive it, and it the looking, which ends soon after the window.
    Refusals(const Services& services, Forgive forgive);
    Refusals(const Refusals&) = delete;
    Refusals& operator=(const Refusals&) = delete;

    // Until when no refusal is believed, as far as this process knows; nullopt: they are.
    std::optional<std::int64_t> open_until() const { return breaker_.open_until(services_.clock()); }
    // Learns whether it opened elsewhere.
    asio::awaitable<void> look();
    // Counts a refused refresh. Until when it is not to be believed, nor any other; nullopt: believe it.
    asio::awaitable<std::optional<std::int64_t>> count(std::string account);
    // As count(), of a refusal that is not believed in any case, and says little to other processes.
    asio::awaitable<std::optional<std::int64_t>> count_here(std::string account);
    // The session of this ticket was marked.
    void believe(Secret ticket);
    // Forgives the session of this ticket; should the store fail, as soon as it can.
    asio::awaitable<void> forgive(Secret ticket);
    // How many sessions were believed for good.
    std::int64_t final_count() const { return breaker_.final_count(services_.clock()); }

private:
    asio::awaitable<void> open(std::int64_t until);
    void to_be_forgiven(Secret ticket);
    asio::awaitable<void> forgive_all();
    void start_looking();
    asio::awaitable<void> keep_looking();

    struct Unforgiven {
        Secret ticket;
        std::int64_t since{};
    };

    const Services& services_;
    Forgive forgive_;
    RefusalBreaker breaker_;
    std::optional<SharedRefusals> shared_;
    std::deque<Unforgiven> unforgiven_;
    bool looking_{};
};

}  // namespace cadenza::server
