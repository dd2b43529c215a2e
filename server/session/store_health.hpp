#pragma once

#include "server/base/log.hpp"

namespace cadenza::server {

// Whether the session store answers. Says so once, when it changes, however many requests notice.
class StoreHealth {
public:
    explicit StoreHealth(const Log& log) : log_(log) {}

    void note(bool answers) {
        if (answers == answers_) return;
        answers_ = answers;
        if (answers)
            log_.info("session_store_back");
        else
            log_.error("session_store_lost");
    }
    bool answers() const noexcept { return answers_; }

private:
    const Log& log_;
    bool answers_{true};
};

}  // namespace cadenza::server
