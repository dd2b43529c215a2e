#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace cadenza::server {

// Stops asking a Spotify that fails. Open after enough failures in the last half minute, for ten seconds;
// then one request tries, and its outcome opens or closes it. Times are ms since 1970.
class Breaker {
public:
    enum class State { closed, open, half_open };

    // nullopt: go on, and tell record() how it went, with what period() says now. Else when to try again.
    std::optional<std::int64_t> refused_until(std::int64_t now) {
        if (state_ == State::closed) return std::nullopt;
        if (now < until_) return until_;
        // From now on one request tries. Should nobody hear how it went, another does after its time.
        state_ = State::half_open;
        ++period_;
        until_ = now + probe_ms;
        return std::nullopt;
    }

    // Another with each opening and each trial.
    std::uint64_t period() const noexcept { return period_; }

    // Of a request that was let go in `period`. What began before the last opening, or before the trial that
    // is under way, says nothing of Spotify now.
    void record(bool ok, std::uint64_t period, std::int64_t now) {
        if (period != period_) return;
        if (state_ == State::half_open) {
            if (ok)
                state_ = State::closed;
            else
                open(now);
            return;
        }
        while (!seen_.empty() && (seen_.front().at + window_ms <= now || seen_.size() >= remembered))
            seen_.pop_front();
        seen_.push_back({now, ok});
        std::size_t failed = 0;
        for (const auto& one : seen_) failed += one.ok ? 0 : 1;
        if (failed >= enough && failed * 2 >= seen_.size()) open(now);
    }

    State state() const noexcept { return state_; }

private:
    static constexpr std::int64_t window_ms = 30'000;
    static constexpr std::int64_t open_ms = 10'000;
    static constexpr std::int64_t probe_ms = 15'000;
    static constexpr std::size_t enough = 8;
    static constexpr std::size_t remembered = 100;

    struct Seen {
        std::int64_t at{};
        bool ok{};
    };

    void open(std::int64_t now) {
        state_ = State::open;
        ++period_;
        until_ = now + open_ms;
        seen_.clear();
    }

    State state_{State::closed};
    std::uint64_t period_{};
    std::int64_t until_{};
    std::deque<Seen> seen_;
};

}  // namespace cadenza::server
