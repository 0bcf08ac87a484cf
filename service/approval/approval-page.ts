/** Where people find an approval: the page in the console. */

/** @param publicUrl the origin of the service */
export function approvalPage(publicUrl: string, tenant: string, id: string): string {
  return `${publicUrl}/console/${tenant}/approvals/${encodeURIComponent(id)}`
}
