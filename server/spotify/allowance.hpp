#pragma once

// Whether Spotify may be asked now: the ledger and the cool-down, kept in step with the other replicas. While
// what they share cannot be reached, each goes by what it knows itself, nothing is refused for it, and what
// was counted meanwhile is added when it is back.

#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/http/problem.hpp"
#include "server/spotify/cool_down_file.hpp"
#include "server/spotify/limit_store.hpp"
#include "shared/api/quota.hpp"

#include <memory>
#include <optional>

namespace cadenza::server {

class Allowance {
public:
    // `store` is nullptr for a server on its own. `clock` and `log` must outlive the executor's work.
    Allowance(asio::any_io_executor executor, const Clock& clock, const Log& log, std::int64_t budget,
              std::shared_ptr<LimitStore> store);
    // From now on a cool-down outlives a restart there, and the one that is there holds, whoever wrote it.
    void keep_in(std::shared_ptr<CoolDownFile> file);

    // Failures, with the time they end: rate_limited and quota_cooldown during a cool-down, of whichever
    // replica; budget_spent when too little is left for this priority.
    asio::awaitable<http::Outcome<void>> admit(Priority priority);
    // The cool-down as far as it is known here.
    std::optional<CoolDown> cooling() const;

    void count(LedgerCell cell);
    // Takes in a 429, for all replicas. Of two cool-downs the later counts.
    http::Failure cool_down(const http::ClientResponse& answer);

    asio::awaitable<Quota> report();

private:
    struct State;
    std::shared_ptr<State> state_;  // what is under way for the store goes on without this
};

}  // namespace cadenza::server
