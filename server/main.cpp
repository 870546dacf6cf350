#include "server/cli/commands.hpp"

int main(int argc, char** argv) { return sillage::server::run_command_line(argc, argv); }
