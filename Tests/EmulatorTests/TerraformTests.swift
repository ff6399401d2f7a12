import Foundation
import Testing

/// Terraform's AWS provider, where both are installed; nothing is downloaded.
@Suite("Terraform")
struct TerraformTests {
    @Test(
        "applies a cluster and an HSM, has nothing to change, and destroys",
        .enabled(if: Terraform.installed != nil && Clients.areThere, Terraform.missing)
    )
    func story() async throws {
        let terraform = try #require(Terraform.installed)
        // The provider looks every 30 seconds, so every step is done when it looks.
        let emulator = try await Emulator("--speed", "600")
        let told = try await Clients.run(
            "terraform_story.py",
            emulator.url,
            terraform.program,
            terraform.plugins
        )
        #expect(told == "applied, nothing to change, destroyed")
    }
}

/// An installed Terraform with the AWS provider in a local mirror.
struct Terraform {
    let program: String
    let plugins: String

    /// Why the test is skipped.
    static let missing: Comment = """
        needs terraform, and its AWS provider in a local mirror: a folder with \
        registry.terraform.io/hashicorp/aws, such as ~/.terraform.d/plugins or \
        $STRONGROOM_TERRAFORM_PLUGINS, or at most three levels below a top-level folder
        """

    /// What is installed; `nil` if the program or the provider is not.
    static let installed: Terraform? = {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        guard
            let program = path.map({ "\($0)/terraform" })
                .first(where: FileManager.default.isExecutableFile),
            let plugins = Clients.answer("terraform_mirror.py"), !plugins.isEmpty
        else { return nil }
        return Terraform(program: program, plugins: plugins)
    }()
}
