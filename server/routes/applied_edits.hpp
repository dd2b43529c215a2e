#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_set>

namespace cadenza::server {

// Which edits were applied, so that one sent again (its answer was lost, or the client was offline in
// between) does not undo what came after it. Remembers the latest ones only.
class AppliedEdits {
public:
    explicit AppliedEdits(std::size_t capacity = 10'000) : capacity_(capacity) {}

    // Whether `key` is new; from then on it is not.
    bool claim(const std::string& key) {
        if (!known_.insert(key).second) return false;
        order_.push_back(key);
        if (order_.size() > capacity_) {
            known_.erase(order_.front());
            order_.pop_front();
        }
        return true;
    }
    // It was not applied after all.
    void release(const std::string& key) {
        if (known_.erase(key) > 0) std::erase(order_, key);
    }

private:
    std::size_t capacity_;
    std::unordered_set<std::string> known_;
    std::deque<std::string> order_;
};

}  // namespace cadenza::server
