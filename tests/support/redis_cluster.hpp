#pragma once

// Six redis-servers as a cluster: three masters with a replica each.

#include "tests/support/redis_server.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cadenza {

class RedisCluster {
public:
    // Returns once every node sees the cluster as whole; throws when that does not come about.
    RedisCluster();

    RedisServer& node(std::size_t index) { return *nodes_[index]; }
    std::size_t size() const { return nodes_.size(); }
    // The index of the master of a key's slot; of a replica of the node `master`.
    std::size_t master_of(const std::string& key) const;
    std::size_t replica_of(std::size_t master) const;
    std::string id(std::size_t index) const { return nodes_[index]->ask({"CLUSTER", "MYID"}); }
    // The slot of a key, as Redis counts.
    std::string slot_of(const std::string& key) const { return nodes_[0]->ask({"CLUSTER", "KEYSLOT", key}); }
    // Moves the first `slots` slots of one master to another, as operators do; the process ends with the job.
    std::unique_ptr<Process> reshard(std::size_t from, std::size_t to, int slots) const;
    std::string log() const;

private:
    std::string address(std::size_t index) const;

    TemporaryFolder folder_;
    std::vector<std::unique_ptr<RedisServer>> nodes_;
};

}  // namespace cadenza
