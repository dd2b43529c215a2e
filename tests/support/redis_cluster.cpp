#include "tests/support/redis_cluster.hpp"

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace cadenza {
namespace {

bool eventually(const auto& condition) {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < patience) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

}  // namespace

RedisCluster::RedisCluster() {
    for (int i = 0; i < 6; ++i)
        nodes_.push_back(std::make_unique<RedisServer>(std::vector<std::string>{
            "--cluster-enabled", "yes", "--cluster-port", std::to_string(free_port()),
            "--cluster-node-timeout", "500", "--cluster-config-file", "nodes.conf"}));
    std::vector<std::string> command{"redis-cli", "--cluster", "create"};
    for (std::size_t i = 0; i < nodes_.size(); ++i) command.push_back(address(i));
    for (const char* word : {"--cluster-replicas", "1", "--cluster-yes"}) command.emplace_back(word);
    Process create(command, folder_.path() + "/log");
    const bool whole =
        eventually([&] { return !create.is_running(); }) && eventually([&] {
            for (const auto& node : nodes_) {
                if (node->ask({"CLUSTER", "INFO"}).find("cluster_state:ok") == std::string::npos)
                    return false;
                const auto replication = node->ask({"INFO", "replication"});
                if (replication.find("state=online") == std::string::npos &&
                    replication.find("master_link_status:up") == std::string::npos)
                    return false;
            }
            return true;
        });
    if (!whole) throw std::runtime_error("no cluster comes about: " + log());
}

std::string RedisCluster::address(std::size_t index) const {
    return "127.0.0.1:" + std::to_string(nodes_[index]->port());
}

std::string RedisCluster::log() const {
    std::ostringstream out;
    out << std::ifstream(folder_.path() + "/log").rdbuf();
    return out.str();
}

std::size_t RedisCluster::master_of(const std::string& key) const {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (nodes_[i]->ask({"ROLE"}).starts_with("slave")) continue;
        if (!nodes_[i]->ask({"GET", key}).starts_with("MOVED")) return i;
    }
    throw std::runtime_error("no node has the key");
}

std::size_t RedisCluster::replica_of(std::size_t master) const {
    const auto port = "\n" + std::to_string(nodes_[master]->port()) + "\n";
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const auto role = nodes_[i]->ask({"ROLE"});
        if (role.starts_with("slave") && role.find(port) != std::string::npos) return i;
    }
    throw std::runtime_error("no node is its replica");
}

std::unique_ptr<Process> RedisCluster::reshard(std::size_t from, std::size_t to, int slots) const {
    return std::make_unique<Process>(
        std::vector<std::string>{"redis-cli", "--cluster", "reshard", address(from), "--cluster-from",
                                 id(from), "--cluster-to", id(to), "--cluster-slots", std::to_string(slots),
                                 "--cluster-yes"},
        folder_.path() + "/log");
}

}  // namespace cadenza
